using System.Text;

namespace OrleansStore.Architecture.Tests;

/// <summary>Splits C# into code and the contents of its string literals; comments are left out of both.</summary>
/// <remarks>A reader for rules, not a compiler: an interpolated string counts as one literal, holes included.</remarks>
internal sealed class CodeText
{
    private readonly string _text;
    private readonly StringBuilder _code = new();
    private readonly List<string> _literals = [];
    private int _position;

    private CodeText(string text)
    {
        _text = text;
        while (_position < _text.Length)
        {
            Step();
        }
    }

    /// <summary>The code, with <c>""</c> in place of each literal and a blank in place of each comment.</summary>
    public string Code => _code.ToString();

    /// <summary>What the string literals hold, as written.</summary>
    public IReadOnlyList<string> Literals => _literals;

    public static CodeText Of(string text) => new(text);

    private void Step()
    {
        if (At("//"))
        {
            SkipTo("\n", includingEnd: false);
        }
        else if (At("/*"))
        {
            SkipTo("*/", includingEnd: true);
            _code.Append(' ');
        }
        else if (_text[_position] == '"')
        {
            ReadString();
        }
        else if (_text[_position] == '\'')
        {
            ReadCharacter();
        }
        else
        {
            _code.Append(_text[_position++]);
        }
    }

    private void ReadString()
    {
        var quotes = 0;
        while (_position + quotes < _text.Length && _text[_position + quotes] == '"')
        {
            quotes++;
        }

        // "@" and "$" before the quote went into the code already.
        var prefix = _code.Length >= 2 ? _code.ToString(_code.Length - 2, 2) : _code.ToString();
        var isVerbatim = prefix.EndsWith('@') || prefix == "@$";
        if (quotes >= 3 && !isVerbatim)
        {
            ReadRaw(new string('"', quotes));
            return;
        }

        var start = ++_position;
        while (_position < _text.Length && _text[_position] != '"')
        {
            _position += isVerbatim || _text[_position] != '\\' ? 1 : 2;
            while (isVerbatim && At("\"\""))
            {
                _position += 2;
            }
        }

        AddLiteral(start, Math.Min(_position, _text.Length));
        _position++;
    }

    private void ReadRaw(string quotes)
    {
        var start = _position + quotes.Length;
        var end = _text.IndexOf(quotes, start, StringComparison.Ordinal);
        end = end < 0 ? _text.Length : end;
        AddLiteral(start, end);
        _position = end + quotes.Length;
    }

    private void ReadCharacter()
    {
        _position++;
        while (_position < _text.Length && _text[_position] is not ('\'' or '\n'))
        {
            _position += _text[_position] == '\\' ? 2 : 1;
        }

        _position++;
        _code.Append("''");
    }

    private void AddLiteral(int start, int end)
    {
        _literals.Add(_text[start..end]);
        _code.Append("\"\"");
    }

    private bool At(string text) => string.CompareOrdinal(_text, _position, text, 0, text.Length) == 0;

    private void SkipTo(string end, bool includingEnd)
    {
        var found = _text.IndexOf(end, _position + 2, StringComparison.Ordinal);
        _position = found < 0 ? _text.Length : includingEnd ? found + end.Length : found;
    }
}

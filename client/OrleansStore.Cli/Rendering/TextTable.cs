using System.Text;

namespace OrleansStore.Cli.Rendering;

/// <summary>Columns of text, as wide as they must be: the same on a terminal and in a file. The first column is aligned left, numbers right.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly string[] _titles;
    private readonly bool[] _isNumber;
    private readonly List<string[]> _rows = [];

    /// <summary>Creates a table.</summary>
    /// <param name="columns">The titles; one that begins with <c>#</c> is that of a column of numbers.</param>
    public TextTable(params IReadOnlyList<string> columns)
    {
        _titles = [.. columns.Select(title => title.TrimStart('#'))];
        _isNumber = [.. columns.Select(title => title.StartsWith('#'))];
    }

    public void Add(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, _titles.Length);
        _rows.Add([.. cells.Select(TerminalText.Plain)]);
    }

    /// <summary>The lines, without space at their ends.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = _titles.Select((title, column) => _rows.Select(row => row[column].Length).Append(title.Length).Max()).ToArray();
        return _rows.Prepend(_titles).Select(row => Line(row, widths));
    }

    public void WriteTo(TextWriter output)
    {
        foreach (var line in Lines())
        {
            output.WriteLine(line);
        }
    }

    private string Line(string[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
        {
            line.Append(column == 0 ? "" : Gap).Append(_isNumber[column] ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column]));
        }

        return line.ToString().TrimEnd();
    }
}

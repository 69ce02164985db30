using System.Text;

namespace OrleansStore.Cli.Rendering;

/// <summary>Text that can be shown: files and servers may hold what would move the cursor, colour the screen, or worse.</summary>
internal static class TerminalText
{
    /// <summary>The text with every control character replaced by a dot.</summary>
    public static string Plain(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var plain = new StringBuilder(text);
        for (var i = 0; i < plain.Length; i++)
        {
            plain[i] = char.IsControl(plain[i]) ? '.' : plain[i];
        }

        return plain.ToString();
    }
}

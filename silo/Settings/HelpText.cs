using System.Text;

namespace OrleansStore.Silo.Settings;

/// <summary>The answer to <c>--help</c>.</summary>
internal static class HelpText
{
    private const int DescriptionColumn = 30;

    /// <summary>Writes it.</summary>
    public static string Create()
    {
        var text = new StringBuilder();
        text.AppendLine("OrleansStore: a key-value store over several datacenters. Without flags, runs dc1, dc2 and dc3 in this process.").AppendLine();
        foreach (var definition in SettingDefinitions.All)
        {
            text.AppendLine($"  {$"{definition.Flag} {definition.Placeholder}".PadRight(DescriptionColumn)} {definition.Description}");
        }

        text.AppendLine($"  {"--help, -h, -?".PadRight(DescriptionColumn)} This text.");
        text.AppendLine($"  {"--version".PadRight(DescriptionColumn)} The version.").AppendLine();
        text.AppendLine("Every flag is also an environment variable (--http-port is ORLEANSSTORE__HTTPPORT) and a name in the section OrleansStore of appsettings.json");
        text.AppendLine("beside the program (HttpPort). A flag counts more than a variable, a variable more than the file.").AppendLine();
        text.AppendLine("Examples");
        text.AppendLine("  OrleansStore.Silo");
        text.AppendLine("  OrleansStore.Silo --data /var/lib/orleansstore --http-port 8001 --peer-port 9001");
        text.AppendLine("  OrleansStore.Silo --datacenter dc1 --http 127.0.0.1:5101 --peer 127.0.0.1:5201 --peers dc1=127.0.0.1:5201,dc2=127.0.0.1:5202,dc3=127.0.0.1:5203");
        text.AppendLine("  OrleansStore.Silo --datacenter dc1 --http 10.0.1.1:80 --peers dc1=dc1.example:5201,dc2=dc2.example:5201,dc3=dc3.example:5201 \\");
        text.AppendLine("      --peer-certificate dc1.pem --peer-key dc1.key --peer-authority ca.pem").AppendLine();
        text.Append("Exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 failed, 2 bad settings, 3 data folder in use, 4 damaged data.");
        return text.ToString();
    }
}

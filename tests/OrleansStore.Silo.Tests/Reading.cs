using System.Collections;
using OrleansStore.Embedded;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Tests;

/// <summary>Reads settings as the program does, from the sources that a test gives.</summary>
internal static class Reading
{
    public const string One = "--datacenter dc1 --http 127.0.0.1:5101 --peers dc1=127.0.0.1:5201,dc2=127.0.0.1:5202,dc3=127.0.0.1:5203";

    public static SettingsReading Of(string arguments, Hashtable? variables = null, string? json = null)
    {
        var folder = Directory.CreateTempSubdirectory("silo-settings");
        try
        {
            var file = Path.Combine(folder.FullName, "appsettings.json");
            if (json is not null)
            {
                File.WriteAllText(file, json);
            }

            return SettingsReader.Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), variables ?? [], file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static SiloSettings Settings(string arguments, Hashtable? variables = null, string? json = null)
    {
        var reading = Of(arguments, variables, json);
        Assert.Null(reading.Complaint);
        return reading.Settings!;
    }

    public static string Complaint(string arguments, Hashtable? variables = null, string? json = null)
    {
        var reading = Of(arguments, variables, json);
        Assert.Null(reading.Settings);
        return reading.Complaint!;
    }

    public static EmbeddedOptions Engine(this DatacenterSettings settings) => Assert.IsType<EmbeddedSettings>(settings).Engine;

    public static OrleansSettings Orleans(this DatacenterSettings settings) => Assert.IsType<OrleansSettings>(settings);
}

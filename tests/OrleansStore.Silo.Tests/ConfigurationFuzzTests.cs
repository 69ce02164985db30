using System.Collections;
using System.Globalization;
using System.Text;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Tests;

/// <summary>Settings that are anything: read or refused with a sentence, never thrown, and never taken for something else. The corpus is what the mutations start from.</summary>
[Trait("Category", "Property")]
public sealed class ConfigurationFuzzTests : IDisposable
{
    private const ulong Seed = 0x5E77;
    private const int Runs = 20_000;

    private static readonly string[] CommandLines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "arguments.txt"));
    private static readonly string[] Files = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "files.txt"));

    // What stands in for a part of an argument: bounds of numbers, what other parsers trip over, what is no text.
    private static readonly string[] Pieces = ["", "=", ",", ":", "--", "\0", "\n", "\u202e", "\ud800", "0", "-1", "65536", "4294967296", "1e9", "٣", "true", "dc1", "dc2=", "[::1]", "{datacenter}", "%"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("silo-fuzz");

    private string SettingsFile => Path.Combine(_folder.FullName, "appsettings.json");

    [Fact]
    public void Corpus_IsReadOrRefused()
    {
        foreach (var line in CommandLines)
        {
            Check(line.Split(' '), []);
        }

        foreach (var file in Files)
        {
            File.WriteAllText(SettingsFile, file);
            Check([], []);
        }
    }

    [Fact]
    public void Arguments_AreReadOrRefused_WhateverTheyAre()
    {
        var accepted = 0;
        ForEachRun(random =>
        {
            var arguments = CommandLines[random.Next(CommandLines.Length)].Split(' ').ToList();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                Change(arguments, random);
            }

            accepted += Check(arguments, []) ? 1 : 0;
        });
        Assert.InRange(accepted, Runs / 50, Runs * 9 / 10);
    }

    [Fact]
    public void Variables_AreReadOrRefused_WhateverTheyAre()
    {
        var accepted = 0;
        ForEachRun(random =>
        {
            var variables = new Hashtable();
            for (var count = random.Next(4); count > 0; count--)
            {
                var definition = SettingDefinitions.All[random.Next(SettingDefinitions.All.Count)];
                variables[$"ORLEANSSTORE__{(random.Next(8) == 0 ? Piece(random) : definition.Name.ToUpperInvariant())}"] = Piece(random) + (random.Next(2) == 0 ? string.Empty : Piece(random));
            }

            accepted += Check([], variables) ? 1 : 0;
        });
        Assert.InRange(accepted, Runs / 50, Runs * 9 / 10);
    }

    [Fact]
    public void File_IsReadOrRefused_WhateverItsBytesAre()
    {
        var accepted = 0;
        ForEachRun(random =>
        {
            var bytes = Encoding.UTF8.GetBytes(Files[random.Next(Files.Length)]).ToList();
            for (var changes = random.Next(6); changes > 0 && bytes.Count > 0; changes--)
            {
                var place = random.Next(bytes.Count);
                switch (random.Next(3))
                {
                    case 0:
                        bytes[place] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(place, Math.Min(random.Next(8), bytes.Count - place));
                        break;
                    default:
                        bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(8), bytes.Count - place)));
                        break;
                }
            }

            File.WriteAllBytes(SettingsFile, [.. bytes]);
            accepted += Check([], []) ? 1 : 0;
        });
        Assert.InRange(accepted, Runs / 50, Runs * 9 / 10);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void ForEachRun(Action<SplitMix64> run)
    {
        for (var number = 0UL; number < Runs; number++)
        {
            try
            {
                run(new SplitMix64(Seed + number));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {Seed + number} fails: {e.Message}", e);
            }
        }
    }

    private static void Change(List<string> arguments, SplitMix64 random)
    {
        var place = random.Next(arguments.Count);
        switch (random.Next(5))
        {
            case 0 when arguments.Count > 1:
                arguments.RemoveAt(place);
                break;
            case 1:
                arguments.Insert(place, arguments[random.Next(arguments.Count)]);
                break;
            case 2:
                arguments[place] = Piece(random);
                break;
            case 3:
                arguments.Insert(place, SettingDefinitions.All[random.Next(SettingDefinitions.All.Count)].Flag);
                break;
            default:
                arguments[place] = arguments[place].Insert(random.Next(arguments[place].Length + 1), Piece(random));
                break;
        }
    }

    private static string Piece(SplitMix64 random) => Pieces[random.Next(Pieces.Length)];

    /// <returns>Whether the settings were taken.</returns>
    private bool Check(IReadOnlyList<string> arguments, Hashtable variables)
    {
        var reading = SettingsReader.Read(arguments, variables, SettingsFile);
        Assert.Equal(1, new object?[] { reading.Settings, reading.Complaint, reading.Information }.Count(each => each is not null));
        Assert.Equal(reading.Complaint, SettingsReader.Read(arguments, variables, SettingsFile).Complaint);
        if (reading.Settings is not { } settings)
        {
            Assert.NotEqual(string.Empty, reading.Complaint ?? reading.Information);
            return false;
        }

        Assert.NotEmpty(settings.Datacenters);
        if (settings.Datacenters[0] is EmbeddedSettings && ValueOf(arguments, "--buckets") is { } buckets)
        {
            // What is taken is what was meant, digit by digit.
            Assert.All(settings.Datacenters, each => Assert.Equal(buckets.TrimStart('0'), ((EmbeddedSettings)each).Engine.BucketCount!.Value.ToString(CultureInfo.InvariantCulture)));
        }

        return true;
    }

    private static string? ValueOf(IReadOnlyList<string> arguments, string flag)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
        {
            if (arguments[i] == flag)
            {
                return arguments[i + 1];
            }
        }

        return null;
    }
}

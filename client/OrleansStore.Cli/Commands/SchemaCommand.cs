using System.CommandLine;
using OrleansStore.Cli.Sessions;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore schema</c>: the tables that stores on PostgreSQL need.</summary>
internal sealed class SchemaCommand : CliCommand
{
    private const string ConnectionVariable = "OSTORE_POSTGRES";

    private readonly Argument<SchemaAction> _action = ChoiceOf<SchemaAction>.Argument("action", "Apply what is missing, or only tell which version there is.");

    private readonly Option<string?> _postgres = new("--postgres")
    {
        Description = $"The connection string of the database; {PostgresConnectionText.DatacenterPlaceholder} in it stands for the name of a datacenter. Else {ConnectionVariable}. To apply, its login must own the database.",
        HelpName = "CONNECTION",
    };

    private readonly Option<string?> _datacenters = new("--datacenters")
    {
        Description = $"The names that take the place of {PostgresConnectionText.DatacenterPlaceholder}, one after the other.",
        HelpName = "NAME,NAME",
    };

    public SchemaCommand(CommandRunner runner)
        : base(
            runner,
            "schema",
            "Sets up the database of a store on PostgreSQL. Applying twice changes nothing. With status the exit code is 1 where a database has not the version of this release.",
            "ostore schema apply --postgres 'Host=127.0.0.1;Database=store;Username=postgres'",
            "ostore schema apply --postgres 'Host=db;Database=store_{datacenter};Username=postgres' --datacenters dc1,dc2,dc3",
            "ostore schema status --postgres 'Host=127.0.0.1;Database=store;Username=postgres' --output json")
    {
        Arguments.Add(_action);
        Options.Add(_postgres);
        Options.Add(_datacenters);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var mustApply = arguments.GetValue(_action) == SchemaAction.Apply;
        var exit = ExitCode.Ok;
        foreach (var (name, connectionString) in Databases(arguments, session.Host))
        {
            try
            {
                var applied = mustApply ? await PostgresSchema.ApplyAsync(connectionString, cancellationToken) : [];
                var version = await PostgresSchema.ReadVersionAsync(connectionString, cancellationToken);
                Tell(session, name, version, applied);
                exit = version == PostgresSchema.Version ? exit : ExitCode.Failed;
            }
            catch (StoreException e)
            {
                // The datacenters of a store have nothing to do with it: no hint about them.
                session.Tell($"ostore: {name}: {e.Message}");
                exit = Failures.ExitOf(e.Code);
            }
        }

        return exit;
    }

    private List<(string Name, string ConnectionString)> Databases(ParseResult arguments, CliHost host)
    {
        var text = arguments.GetValue(_postgres) ?? host.Variable(ConnectionVariable)
            ?? throw new UsageException($"Which database? Name it with --postgres, or in {ConnectionVariable}.");
        var names = arguments.GetValue(_datacenters)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var isPerDatacenter = text.Contains(PostgresConnectionText.DatacenterPlaceholder, StringComparison.Ordinal);
        if (isPerDatacenter != names.Length > 0)
        {
            throw new UsageException($"--datacenters and {PostgresConnectionText.DatacenterPlaceholder} in the connection string belong together.");
        }

        if (PostgresConnectionText.FindMistake(text) is { } mistake)
        {
            throw new UsageException($"The connection string is not right: {mistake}.");
        }

        return isPerDatacenter ? [.. names.Select(name => (name, PostgresConnectionText.For(text, name)))] : [("database", text)];
    }

    private static void Tell(CliSession session, string name, int version, IReadOnlyList<int> applied)
    {
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                json.WriteString("name"u8, name);
                json.WriteNumber("version"u8, version);
                json.WriteNumber("wanted"u8, PostgresSchema.Version);
                json.WriteStartArray("applied"u8);
                foreach (var one in applied)
                {
                    json.WriteNumberValue(one);
                }

                json.WriteEndArray();
            });
            return;
        }

        var what = version == 0 ? "no schema" : $"version {version}";
        var state = applied.Count > 0 ? ", applied now" : version == PostgresSchema.Version ? ", up to date" : $", this release needs {PostgresSchema.Version}";
        session.Output.WriteLine($"{name}: {what}{state}");
    }

    private enum SchemaAction
    {
        Apply = 1,
        Status = 2,
    }
}

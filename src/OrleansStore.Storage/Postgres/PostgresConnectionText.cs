using Npgsql;

namespace OrleansStore.Storage.Postgres;

/// <summary>A connection string of Npgsql, such as <c>Host=db;Database=store_{datacenter};Username=…;Password=…</c>, in which <c>{datacenter}</c> stands for the name of a datacenter.</summary>
public static class PostgresConnectionText
{
    /// <summary>What is replaced by the name of the datacenter.</summary>
    public const string DatacenterPlaceholder = "{datacenter}";

    /// <summary>The text for one datacenter.</summary>
    public static string For(string text, string datacenter)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace(DatacenterPlaceholder, datacenter, StringComparison.Ordinal);
    }

    /// <summary>What is wrong with a text, in words without secrets; null if nothing is. Nothing is connected to.</summary>
    public static string? FindMistake(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(builder.Host) ? "it must name a host: Host=…" : string.IsNullOrEmpty(builder.Database) ? "it must name a database: Database=…" : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            return exception.Message;
        }
    }

    /// <summary>Which database a text means, in words without secrets.</summary>
    internal static string Describe(NpgsqlConnectionStringBuilder builder) => $"PostgreSQL database {builder.Database} at {builder.Host}:{builder.Port}";
}

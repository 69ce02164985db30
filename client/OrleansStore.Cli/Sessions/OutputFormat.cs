namespace OrleansStore.Cli.Sessions;

/// <summary>How results look.</summary>
internal enum OutputFormat
{
    /// <summary>For people; the value of a record as it is.</summary>
    Table = 1,

    /// <summary>For programs: one JSON object a line.</summary>
    Json = 2,
}

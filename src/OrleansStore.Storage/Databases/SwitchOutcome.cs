namespace OrleansStore.Storage.Databases;

/// <summary>What came of making a staged snapshot the newest one.</summary>
internal enum SwitchOutcome
{
    /// <summary>It is the newest one.</summary>
    Switched = 1,

    /// <summary>The newest one covers as much already; nothing changed.</summary>
    Overtaken = 2,

    /// <summary>A newer writer was opened, or the staged rows are gone; nothing changed.</summary>
    Fenced = 3,
}

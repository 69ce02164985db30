using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <summary>What the log is given from outside.</summary>
/// <param name="Files">The file port.</param>
/// <param name="Directory">The folder of the segments.</param>
/// <param name="Identity">Whose log it is.</param>
/// <param name="Options">The bounds; validated.</param>
/// <param name="Scheduler">Runs the group-commit loop.</param>
/// <param name="Time">Paces the idle seal and the space check.</param>
/// <param name="Completions">Where the log reports.</param>
internal sealed record LogEnvironment(
    IFileSystem Files,
    string Directory,
    StoreIdentity Identity,
    StorageOptions Options,
    TaskScheduler Scheduler,
    TimeProvider Time,
    ILogCompletions Completions);

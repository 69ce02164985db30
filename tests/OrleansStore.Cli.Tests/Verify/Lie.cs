namespace OrleansStore.Cli.Tests.Verify;

/// <summary>What a <see cref="LyingStore"/> does wrong.</summary>
public enum Lie
{
    /// <summary>Nothing.</summary>
    None = 1,

    /// <summary>It acknowledges a put and forgets it.</summary>
    LostWrite = 2,

    /// <summary>It answers a read with what was there before the last changes.</summary>
    StaleRead = 3,

    /// <summary>It takes a write that is sent again under its id for another one.</summary>
    SecondEffect = 4,

    /// <summary>It changes a byte of a value.</summary>
    FlippedByte = 5,
}

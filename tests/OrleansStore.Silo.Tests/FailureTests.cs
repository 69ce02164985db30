using OrleansStore.Silo.Hosting;

namespace OrleansStore.Silo.Tests;

[Trait("Category", "Unit")]
public sealed class FailureTests
{
    [Fact]
    public void Damage_NamesFileAndOffset()
    {
        var failure = Failure.Of(new CorruptionException("a.wal", 42, "this", "that"), isStarting: false);

        Assert.Equal(ExitCode.DamagedData, failure.Code);
        Assert.Contains("a.wal is damaged at offset 42", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorCode.DataFolderInUse, 3)]
    [InlineData(ErrorCode.IdentityMismatch, 2)]
    [InlineData(ErrorCode.StorageFailed, 1)]
    public void StoreFailures_HaveTheirCodes(ErrorCode code, int expected)
    {
        var failure = Failure.Of(new StoreException(code, "why"), isStarting: false);

        Assert.Equal((expected, "why"), ((int)failure.Code, failure.Message));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void RefusedArguments_AreBadSettings_OnlyWhileStarting(bool isStarting, int expected) =>
        Assert.Equal(expected, (int)Failure.Of(new ArgumentException("why"), isStarting).Code);

    [Fact]
    public void Wrapping_ChangesNothing() =>
        Assert.Equal(ExitCode.DataFolderInUse, Failure.Of(new AggregateException(new StoreException(ErrorCode.DataFolderInUse, "why")), isStarting: false).Code);

    [Fact]
    public void Faults_OfTheProgram_AreToldInFull() =>
        Assert.Contains(nameof(InvalidOperationException), Failure.Of(new InvalidOperationException("why"), isStarting: false).Message, StringComparison.Ordinal);

    // Others script against these numbers.
    [Fact]
    public void ExitCodes_DoNotChange() =>
        Assert.Equal([0, 1, 2, 3, 4], Enum.GetValues<ExitCode>().Select(code => (int)code));
}

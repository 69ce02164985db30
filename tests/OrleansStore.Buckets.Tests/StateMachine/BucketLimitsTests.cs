using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

[Trait("Category", "Unit")]
public sealed class BucketLimitsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.Empty(BucketLimits.Default.FindErrors());

    [Fact]
    public void Errors_AreAllNamedWithTheirValues()
    {
        var limits = new BucketLimits
        {
            SessionIdleTimeout = TimeSpan.FromMilliseconds(1),
            KeyRetention = TimeSpan.FromTicks(TimeSpan.TicksPerSecond + 1),
            MaxKeys = 0,
            MaxSessionEndsPerCommand = 1,
            MaxKeyForgetsPerCommand = 1,
        };
        var message = Assert.Throws<ArgumentException>(() => BucketState.Create(limits)).Message;

        // The clock lead of a minute is no longer half of the idle timeout.
        string[] names = ["SessionIdleTimeout", "AllowedClockLead", "KeyRetention", "MaxKeys", "MaxSessionEndsPerCommand", "MaxKeyForgetsPerCommand"];
        Assert.All(names, name => Assert.Contains(name, message, StringComparison.Ordinal));
        Assert.Equal(names.Length, limits.FindErrors().Count);
    }

    [Fact]
    public void Limits_AreKeptInSnapshots()
    {
        var limits = new BucketLimits
        {
            SessionIdleTimeout = TimeSpan.FromSeconds(11),
            AllowedClockLead = TimeSpan.FromSeconds(2),
            KeyRetention = TimeSpan.FromSeconds(13),
            MaxSessions = 14,
            MaxUnansweredPerSession = 15,
            MaxSessionResults = 16,
            MaxKeys = 17,
            MaxHistoryEvents = 18,
            MaxHistoryBytes = 19,
            MaxExpirationsPerCommand = 20,
            MaxSessionEndsPerCommand = 21,
            MaxKeyForgetsPerCommand = 22,
        };
        Assert.Equal(limits, Make.Decode(Make.Encode(BucketState.Create(limits).TakeView())).Limits);
    }
}

using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>Due times as the state machine and as storage hold them.</summary>
internal static class StoredTimes
{
    public static DueTime ToDueTime(WallTime? time) =>
        time is { } at ? new DueTime(DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMilliseconds).UtcTicks) : DueTime.None;

    public static WallTime? ToWallTime(DueTime time) =>
        time == DueTime.None ? null : new WallTime(new DateTimeOffset(time.UtcTicks, TimeSpan.Zero).ToUnixTimeMilliseconds());
}

namespace OrleansStore.Storage.Log;

/// <summary>Where consecutive live entries stand: those of one record whose indexes lie in [First, Last].</summary>
internal readonly record struct Run(LogIndex First, LogIndex Last, SegmentFile Segment, long Offset, int RecordBytes);

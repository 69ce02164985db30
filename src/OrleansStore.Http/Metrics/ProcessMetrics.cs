using System.Diagnostics;

namespace OrleansStore.Http.Metrics;

/// <summary>What every process has to show, under the names that Prometheus clients use for it.</summary>
internal static class ProcessMetrics
{
    public static void Write(PrometheusWriter writer)
    {
        using var process = Process.GetCurrentProcess();
        writer.Write("dotnet_gc_heap_bytes", MetricKind.Gauge, "Bytes of the managed heap at the last collection.", GC.GetGCMemoryInfo().HeapSizeBytes);
        writer.Write("dotnet_gc_pause_seconds_total", MetricKind.Counter, "Time for which collections stopped the process.", GC.GetTotalPauseDuration().TotalSeconds);
        writer.Write("dotnet_threadpool_queue_length", MetricKind.Gauge, "Work items that wait for a thread.", ThreadPool.PendingWorkItemCount);
        writer.Write("dotnet_threadpool_threads", MetricKind.Gauge, "Threads of the thread pool.", ThreadPool.ThreadCount);
        writer.Write("process_cpu_seconds_total", MetricKind.Counter, "Processor time used.", process.TotalProcessorTime.TotalSeconds);
        writer.Write("process_resident_memory_bytes", MetricKind.Gauge, "Memory of the process that is not swapped out.", process.WorkingSet64);
        writer.Write(
            "process_start_time_seconds", MetricKind.Gauge, "When the process started, in Unix time.", (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        writer.Write("process_threads", MetricKind.Gauge, "Threads of the process.", process.Threads.Count);
    }
}

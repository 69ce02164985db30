using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Replies;

namespace OrleansStore.Http.Metrics;

/// <summary>GET and HEAD of the metrics. Wakes no bucket. Parameters are ignored: scrapers may add some.</summary>
/// <param name="collector">Where the metrics come from.</param>
internal sealed class MetricsHandler(MetricCollector collector)
{
    public async Task HandleAsync(Exchange exchange)
    {
        var writer = new PrometheusWriter();
        ProcessMetrics.Write(writer);
        await collector.ScrapeAsync(
            families =>
            {
                foreach (var family in families)
                {
                    writer.Write(family);
                }
            },
            exchange.Http.RequestAborted);
        writer.Write("orleansstore_metrics_failures_total", MetricKind.Counter, "Instruments that could not be read or shown.", collector.Failures);
        await Reply.BytesAsync(exchange, StatusCodes.Status200OK, PrometheusWriter.ContentType, writer.Finish());
    }
}

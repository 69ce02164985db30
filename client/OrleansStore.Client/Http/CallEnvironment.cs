using OrleansStore.Client.Diagnostics;
using OrleansStore.Client.Http.Endpoints;

namespace OrleansStore.Client.Http;

/// <summary>What all calls of one store object share.</summary>
internal sealed record CallEnvironment(
    StoreClientOptions Options, HttpMessageInvoker Invoker, EndpointSet Endpoints, TimerPool Timers, LockedRandom Random, ClientTelemetry Telemetry, TimeProvider Time);

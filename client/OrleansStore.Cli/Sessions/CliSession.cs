using System.Buffers;
using System.Text.Json;
using OrleansStore.Cli.Rendering;
using OrleansStore.Client;

namespace OrleansStore.Cli.Sessions;

/// <summary>One run of one command: where the store is, and where results and messages go.</summary>
/// <param name="host">Streams and environment.</param>
/// <param name="endpoints">Addresses of datacenters, the nearest first.</param>
/// <param name="format">How results look.</param>
/// <param name="timeout">How long a request may take.</param>
/// <param name="namespaceName">The namespace; null for all keys.</param>
internal sealed class CliSession(CliHost host, IReadOnlyList<Uri> endpoints, OutputFormat format, TimeSpan timeout, string? namespaceName) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _json = new();
    private HttpStore? _connection;
    private IStore? _store;

    public CliHost Host => host;

    public IReadOnlyList<Uri> Endpoints => endpoints;

    public bool IsJson => format == OutputFormat.Json;

    public TimeSpan Timeout => timeout;

    /// <summary>The namespace; null for all keys.</summary>
    public StoreNamespace? Namespace { get; } = namespaceName is null ? null : new StoreNamespace(namespaceName);

    /// <summary>Results as text; whatever is written to it stands before what goes to the stream afterwards, once flushed.</summary>
    public TextWriter Output { get; } = new StreamWriter(host.Output, bufferSize: 16 * 1024, leaveOpen: true);

    /// <summary>The store, or the namespace of it that was asked for. Connects when it is first used.</summary>
    /// <exception cref="ArgumentException">The addresses are none that a client takes.</exception>
    public IStore Store => _store ??= Connect();

    /// <summary>Writes one JSON object and the end of its line.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        _json.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_json))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _json.Write("\n"u8);
        Output.Flush();
        host.Output.Write(_json.WrittenSpan);
    }

    /// <summary>Tells something that is no result, on one line.</summary>
    public void Tell(string message) => host.Error.WriteLine(TerminalText.Plain(message));

    /// <summary>Hands over all results.</summary>
    /// <exception cref="IOException">Nobody takes them.</exception>
    public void Flush()
    {
        Output.Flush();
        host.Output.Flush();
    }

    public void Dispose()
    {
        Output.Dispose();
        _connection?.Dispose();
    }

    private IStore Connect()
    {
        _connection = new HttpStore(new StoreClientOptions { Endpoints = [.. endpoints], Timeout = timeout }, host.Time);
        return Namespace is null ? _connection : _connection.Namespace(Namespace.Name);
    }
}

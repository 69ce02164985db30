using System.Reflection;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Replies;

namespace OrleansStore.Http.Observation;

/// <summary>GET and HEAD of the description of the interface (OpenAPI 3.1), written by hand: the routes are too.</summary>
internal static class OpenApiHandler
{
    private static readonly byte[] Document = Load();

    public static Task HandleAsync(Exchange exchange) => Reply.BytesAsync(exchange, StatusCodes.Status200OK, Texts.Json, Document);

    private static byte[] Load()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.json")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}

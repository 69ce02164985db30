using Microsoft.OpenApi;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

[Trait("Category", "Integration")]
public sealed class OpenApiTests : IAsyncLifetime
{
    private TestHost _host = null!;
    private OpenApiDocument _document = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        var reply = await _host.GetAsync("/openapi/v1.json");
        Assert.Equal((200, "application/json"), (reply.Status, reply.Header("Content-Type")));
        var read = OpenApiDocument.Parse(reply.Text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        _document = read.Document!;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void Document_HasEveryRouteWithItsMethods()
    {
        Assert.Equal(Route.All.Select(r => r.Template).Order(), _document.Paths.Keys.Order());
        foreach (var route in Route.All)
        {
            // The collection's path stands for one key where key64 is given.
            var methods = route.Id == RouteId.Scan ? "GET, HEAD, PUT, DELETE" : route.Methods;
            Assert.Equal(methods.Split(", ").Order(), _document.Paths[route.Template].Operations!.Keys.Select(m => m.Method).Order());
        }
    }

    [Fact]
    public void Document_HasEveryCodeWithItsStatus()
    {
        var described = _document.Components!.Responses!.Values.Select(r => r.Description!).ToList();
        Assert.All(ProblemTypes.All, type => Assert.Contains(described, d => d.Contains($"`{type.Code}`", StringComparison.Ordinal)));
        var codes = ((OpenApiSchema)_document.Components.Schemas!["Problem"].Properties!["code"]).Enum!.Select(n => n.ToString());
        Assert.Equal(ProblemTypes.All.Select(t => t.Code).Order(), codes.Order());
    }

    // What the other tests see. A status that is not in the document would be an answer that nobody told callers about.
    [Theory]
    [InlineData("PUT", "/v1/kv/a", "/v1/kv/{key}", 201)]
    [InlineData("PUT", "/v1/kv/a", "/v1/kv/{key}", 200)]
    [InlineData("PUT", "/v1/kv/%25zz?x=1", "/v1/kv/{key}", 400)]
    [InlineData("GET", "/v1/kv/a", "/v1/kv/{key}", 200)]
    [InlineData("HEAD", "/v1/kv/a", "/v1/kv/{key}", 200)]
    [InlineData("GET", "/v1/kv/none", "/v1/kv/{key}", 404)]
    [InlineData("GET", "/v1/kv?key64=YQ", "/v1/kv", 200)]
    [InlineData("DELETE", "/v1/kv?key64=YQ", "/v1/kv", 204)]
    [InlineData("DELETE", "/v1/kv/none", "/v1/kv/{key}", 404)]
    [InlineData("GET", "/v1/kv", "/v1/kv", 200)]
    [InlineData("GET", "/v1/kv?limit=0", "/v1/kv", 400)]
    [InlineData("POST", "/v1/txn", "/v1/txn", 400)]
    [InlineData("POST", "/v1/outcomes", "/v1/outcomes", 400)]
    [InlineData("GET", "/v1/status", "/v1/status", 200)]
    [InlineData("GET", "/health/live", "/health/live", 200)]
    [InlineData("GET", "/health/ready", "/health/ready", 200)]
    [InlineData("GET", "/metrics", "/metrics", 200)]
    [InlineData("GET", "/openapi/v1.json", "/openapi/v1.json", 200)]
    public async Task Answer_IsDocumented(string verb, string path, string template, int status)
    {
        if (status != 201)
        {
            await _host.PutAsync("a", "1");
        }

        Assert.Equal(status, (await _host.SendAsync(verb, path)).Status);
        Assert.Contains(status.ToString(System.Globalization.CultureInfo.InvariantCulture), _document.Paths[template].Operations![new HttpMethod(verb)].Responses!.Keys);
    }

    [Theory]
    [InlineData("PUT", 200, 201, 400, 403, 405, 410, 412, 413, 422, 503, 504)]
    [InlineData("GET", 200, 304, 400, 403, 404, 405, 412, 500, 503)]
    [InlineData("DELETE", 204, 400, 403, 404, 405, 410, 412, 422, 503, 504)]
    public void Key_DocumentsEveryStatus(string verb, params int[] statuses) =>
        Assert.Equal(statuses.Select(s => $"{s}"), _document.Paths["/v1/kv/{key}"].Operations![new HttpMethod(verb)].Responses!.Keys.Order());
}

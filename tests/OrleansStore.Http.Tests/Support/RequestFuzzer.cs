using System.Globalization;
using System.Text;

namespace OrleansStore.Http.Tests.Support;

/// <summary>Makes the bytes of connections: mostly requests that are almost right, one after the other without waiting.</summary>
/// <param name="random">Where the choices come from.</param>
internal sealed class RequestFuzzer(IRandomSource random)
{
    private static readonly string[] Methods = ["GET", "PUT", "DELETE", "HEAD", "POST", "OPTIONS", "PATCH", "BREW", "get"];

    private static readonly string[] Usual =
    [
        "PUT /v1/kv/{k}", "PUT /v1/kv/{k}", "PUT /v1/kv/{k}", "GET /v1/kv/{k}", "GET /v1/kv/{k}?consistency={c}", "HEAD /v1/kv/{k}", "DELETE /v1/kv/{k}", "PUT /v1/kv?key64={b}",
        "GET /v1/kv?key64={b}", "GET /v1/kv?prefix={k}&limit={n}&values={v}", "GET /v1/kv?start={k}&end={k}&cursor={b}", "POST /v1/txn", "POST /v1/txn", "POST /v1/outcomes",
        "GET /v1/status", "GET /metrics", "PUT http://x/v1/kv/{k}",
    ];

    private static readonly string[] Paths =
    [
        "/v1/kv/{k}", "/v1/kv/{k}/%2e%2e/{k}", "/v1/kv?key64={b}", "/v1/txn", "/v1/outcomes", "/v1/status", "/health/live", "/health/ready", "/openapi/v1.json", "/", "*", "/v1//kv/{k}", "x:80",
    ];

    private static readonly string[] Headers =
    [
        "If-Match: \"{n}\"", "If-Match: *", "If-Match: W/\"{n}\", \"{k}\"", "If-None-Match: *", "If-None-Match: \"{n}\",,\"1\"", "If-Match: {k}", "Idempotency-Key: {k}", "Idempotency-Key: {n}",
        "OrleansStore-Timeout: {n}", "Content-Type: text/plain", "Content-Type: {k}", "Expect: 100-continue", "Sec-Fetch-Site: cross-site", "Connection: keep-alive", "X: {k}", "Accept-Encoding: {k}", "Range: bytes=0-{n}", "Upgrade: h2c",
    ];

    private static readonly string[] Poison = ["Transfer-Encoding: gzip", "Connection: close", "Content-Length: {n}", "Host: y", "Transfer-Encoding: chunked", "Connection: upgrade"];

    private static readonly string[] Jsons =
    [
        """{"guards":[{"key":"{k}","exists":true}],"then":[{"put":{"key":"{k}","value":"{s}"}}]}""",
        """{"then":[{"put":{"key":"{k}","value":"{s}","contentType":"a/b"}},{"delete":{"key":"{k}"}}]}""",
        """{"guards":[{"key":"{k}","revision":{n},"value":"{s}"}]}""", """{"key":"{k}","requestId":"k:{n}"}""", """{"key":"{k}","requestId":"s:{n}"}""", "[[[[[[[[[[[[", "{}", "\"",
    ];

    /// <summary>Makes a connection's bytes.</summary>
    /// <param name="requests">How many requests to put in.</param>
    public byte[] Make(int requests)
    {
        var text = new StringBuilder();
        for (var i = 0; i < requests; i++)
        {
            var request = MakeRequest();
            text.Append(Chance(4) ? Mutate(request) : request);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private string MakeRequest()
    {
        var body = Chance(30) ? Mutate(Fill(Pick(Jsons))) : Chance(50) ? Fill(Pick(Jsons)) : new string('v', Below(3000));
        var head = new StringBuilder().Append(Fill(Chance(85) ? Pick(Usual) : $"{Pick(Methods)} {Pick(Paths)}")).Append(" HTTP/1.1\r\nHost: x\r\n");
        for (var i = Below(3); i > 0; i--)
        {
            head.Append(Fill(Pick(Chance(5) ? Poison : Headers))).Append("\r\n");
        }

        return Below(20) switch
        {
            0 => $"{head}\r\n",
            1 or 3 or 4 => $"{head}Transfer-Encoding: chunked\r\n\r\n{Chunk(body)}",
            2 => $"{head}Content-Length: {body.Length + Below(3) - 1}\r\n\r\n{body}",
            _ => $"{head}Content-Length: {body.Length}\r\n\r\n{body}",
        };
    }

    private string Chunk(string body)
    {
        var chunks = new StringBuilder();
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, 1 + Below(700));
            chunks.Append(size.ToString("x", CultureInfo.InvariantCulture)).Append("\r\n").Append(body, at, size).Append("\r\n");
            at += size;
        }

        return chunks.Append("0\r\n\r\n").ToString();
    }

    private string Mutate(string text)
    {
        var bytes = new StringBuilder(text);
        for (var i = 1 + Below(3); i > 0 && bytes.Length > 0; i--)
        {
            var at = Below(bytes.Length);
            switch (Below(4))
            {
                case 0:
                    bytes[at] = (char)Below(256);
                    break;
                case 1:
                    bytes.Remove(at, Math.Min(1 + Below(20), bytes.Length - at));
                    break;
                case 2:
                    bytes.Insert(at, (char)Below(256));
                    break;
                default:
                    bytes.Insert(at, bytes.ToString(at, Math.Min(1 + Below(30), bytes.Length - at)));
                    break;
            }
        }

        return bytes.ToString();
    }

    private string Fill(string template)
    {
        var text = new StringBuilder();
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] != '{' || at + 2 >= template.Length || template[at + 2] != '}')
            {
                text.Append(template[at]);
                continue;
            }

            text.Append(template[at + 1] switch
            {
                'k' => Key(),
                'n' => Chance(80) ? $"{Below(20)}" : $"{random.NextUInt64()}",
                'b' => Convert.ToBase64String(Encoding.ASCII.GetBytes(Key())).TrimEnd('='),
                's' => Convert.ToBase64String(new byte[Below(1500)]),
                'v' => Chance(80) ? "true" : Key(),
                _ => Chance(50) ? "eventual" : Chance(50) ? "linearizable" : Key(),
            });
            at += 2;
        }

        return text.ToString();
    }

    private string Key() => Below(40) switch
    {
        0 => string.Empty,
        1 or 2 => $"%{Below(256):X2}",
        3 => $"%{Pick(["zz", "4", "%41", "00", "2F", "2e%2e"])}",
        4 => new string('k', 1000 + Below(60)),
        5 or 6 or 7 or 8 => "{g}" + Below(5),
        9 or 10 => "a/../b//c",
        11 => $"{(char)Below(256)}",
        _ => $"key{Below(10)}",
    };

    private int Below(int end) => random.Next(end);

    private bool Chance(int percent) => Below(100) < percent;

    private T Pick<T>(T[] items) => items[Below(items.Length)];
}

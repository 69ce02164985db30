using System.Text.Json.Serialization;

namespace OrleansStore.Client.Tests.Support;

/// <summary>Type information of the values of typed tests, made at compile time.</summary>
[JsonSerializable(typeof(Counter))]
internal sealed partial class TestJson : JsonSerializerContext;

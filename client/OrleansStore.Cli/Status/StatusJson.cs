using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansStore.Cli.Status;

/// <summary>How <c>/v1/status</c> is read; members that this release does not know are left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DatacenterStatus))]
internal sealed partial class StatusJson : JsonSerializerContext;

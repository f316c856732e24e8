using System.Text.Json;

namespace SecretBridge.Contract.Tests;

internal sealed record TestReply(int Status, JsonElement Json, string Text, string? Location, string? RetryAfter)
{
    public JsonElement Data => Json.GetProperty("data");

    public string Error => Json.GetProperty("errors")[0].GetString()!;

    public string[] Keys => [.. Data.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];
}

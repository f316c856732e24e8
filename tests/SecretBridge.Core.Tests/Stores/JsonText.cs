using System.Text;
using SecretBridge.Stores;

namespace SecretBridge.Tests.Stores;

internal static class JsonText
{
    internal static SecretPayload Payload(string json) => SecretPayload.Parse(Encoding.UTF8.GetBytes(json), "test");

    internal static string Text(this SecretPayload payload) => Encoding.UTF8.GetString(payload.Json.Span);
}

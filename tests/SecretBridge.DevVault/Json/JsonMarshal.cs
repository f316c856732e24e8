#if !NET9_0_OR_GREATER
using System.Text;
using System.Text.Json;

namespace SecretBridge.DevVault;

/// <summary>The text of JSON as it was sent, on a runtime that does not give it as bytes.</summary>
internal static class JsonMarshal
{
    public static ReadOnlySpan<byte> GetRawUtf8Value(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());

    /// <summary>The name without its quotes, escapes and all.</summary>
    public static ReadOnlySpan<byte> GetRawUtf8PropertyName(JsonProperty property)
    {
        string member = property.ToString();
        int end = 1;
        while (member[end] != '"')
        {
            end += member[end] == '\\' ? 2 : 1;
        }

        return Encoding.UTF8.GetBytes(member[1..end]);
    }
}
#endif

using System.Text;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>
/// The payload that takes a version's number for a moment, until it is deleted or destroyed. It is recognised by its one key
/// and its mark, so that one that a killed run left live is found and finished by the next.
/// </summary>
internal static class Placeholder
{
    /// <summary>The one key.</summary>
    internal const string Key = "secretbridge.placeholder";

    private const string Mark = "In place of a version without a value at the source. 9c4e2f7b-51d8-4a0e-b7c3-6e1d20f8a945";

    private static readonly byte[] KeyBytes = Encoding.UTF8.GetBytes(Key);

    internal static SecretPayload Payload { get; } = SecretPayload.Parse(Encoding.UTF8.GetBytes($$"""{"{{Key}}":"{{Mark}}"}"""), Key);

    // Most payloads are told apart without being parsed.
    internal static bool Is(SecretPayload? payload) => payload is not null
        && payload.Json.Span.IndexOf(KeyBytes) >= 0
        && payload.Compare(Payload, throughDouble: false).AreEqual;
}

using System.Text.Json;

namespace SecretBridge.Contract;

/// <param name="Body">
/// The recorded body, with &lt;string&gt;, &lt;number&gt; and &lt;time&gt; for values that differ from run to run;
/// JSON null where the body was empty, absent where it was not recorded.
/// </param>
/// <param name="Data">How the envelope's data begins, byte for byte.</param>
/// <param name="Headers">Headers that must be so; an empty value means that there must be none.</param>
public sealed record ExchangeExpectation(
    int Status,
    JsonElement Body = default,
    string? Data = null,
    IReadOnlyDictionary<string, string>? Headers = null);

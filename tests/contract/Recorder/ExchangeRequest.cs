namespace SecretBridge.Contract;

/// <param name="Target">Sent as it stands, uncleaned.</param>
/// <param name="Token">Null: the root token; none: no token at all; else a token, or the name of a captured one.</param>
/// <param name="Fill">So many letters stand for <c>{{fill}}</c> in the body.</param>
public sealed record ExchangeRequest(
    string Method,
    string Target,
    string? Token = null,
    IReadOnlyDictionary<string, string>? Headers = null,
    string? Body = null,
    int Fill = 0);

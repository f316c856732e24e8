namespace SecretBridge.Wire;

/// <summary>
/// The id that the requests of one flow of calls carry, so that a server's audit log tells what they belong to. Replies to
/// deletes have no body, and so no request id: only this links them.
/// </summary>
internal static class Correlation
{
    /// <summary>The header. Vault logs it where its audited request headers name it.</summary>
    public const string Header = "X-Correlation-Id";

    private static readonly AsyncLocal<string?> Id = new();

    /// <summary>The id; null sends none. An async method that sets it sets it for what it calls, not for its caller.</summary>
    /// <exception cref="ArgumentException">It holds something else than hexadecimal digits and dashes.</exception>
    public static string? Current
    {
        get => Id.Value;
        set => Id.Value = value is null || value.All(c => char.IsAsciiHexDigitLower(c) || c == '-')
            ? value
            : throw new ArgumentException("A correlation id is made of the characters 0-9, a-f and '-'.", nameof(value));
    }
}

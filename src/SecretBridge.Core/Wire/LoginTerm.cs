namespace SecretBridge.Wire;

/// <summary>What a login lets a value that was read with it be kept for.</summary>
/// <param name="RefreshAt">When the value is due to be read again: after four fifths of the login's lease; with a given token after
/// an hour, or at its end where that is earlier.</param>
/// <param name="Ends">When the login ends; null where it has no end, or none is known.</param>
internal readonly record struct LoginTerm(DateTimeOffset RefreshAt, DateTimeOffset? Ends);

namespace SecretBridge.Contract;

/// <summary>What a server answered, as bytes.</summary>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);

using SecretBridge.Reporting;

namespace SecretBridge.Configuration;

/// <summary>One field of an object in a configuration file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Where the name begins.</param>
/// <param name="Value">Its value.</param>
internal sealed record ConfigMember(string Name, FilePosition Position, ConfigNode Value);

using SecretBridge.References;

namespace SecretBridge.Values;

/// <summary>What the pipeline brings to Update-SecretReference: a file, or a row of a copy.</summary>
/// <param name="File">The file.</param>
/// <param name="Move">What the row of a copy says.</param>
public sealed record UpdateInput(UpdateItem? File, MovedReference? Move);

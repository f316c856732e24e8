namespace SecretBridge.Bench;

/// <summary>One run in a process that does several.</summary>
/// <param name="What">What was run.</param>
/// <param name="Secrets">How many secrets came out as they should.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Cpu">Processor time of the process, in seconds.</param>
/// <param name="Allocated">Bytes of managed memory that were asked for.</param>
internal sealed record WarmRun(string What, long Secrets, double Seconds, double Cpu, long Allocated);

namespace SecretBridge.Wire;

/// <summary>Something that blocks a thread until it has come about.</summary>
internal interface IWaiting
{
    /// <summary>The thread behind whose work it waits its turn; null where it is under way or over.</summary>
    WaitThread? Behind { get; set; }

    /// <summary>Blocks, then completes whoever awaits it. Throws nothing.</summary>
    void Wait();
}

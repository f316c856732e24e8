namespace SecretBridge.Wire;

/// <summary>What a <see cref="WaitThread"/> is taken for: to block until something has come about, or to work on an item.</summary>
internal interface IWaiting
{
    /// <summary>The thread behind whose work it waits its turn; null where it is under way or over.</summary>
    WaitThread? Behind { get; set; }

    /// <summary>Blocks, then completes whoever awaits it. Throws nothing.</summary>
    void Wait();
}

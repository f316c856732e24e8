namespace SecretBridge.Reporting;

/// <summary>What an operation says while it runs. Implementations may be called from any thread and must not throw.</summary>
public interface IReporter
{
    /// <summary>Says something that helps to follow what is done: paths, versions and counts, never a value.</summary>
    void Verbose(string message);

    /// <summary>Says something the user should look at although the operation goes on.</summary>
    void Warning(string message);

    /// <summary>Says the summary of a run.</summary>
    void Information(string message);

    /// <summary>Says how far the operation has come. A later report replaces an earlier one.</summary>
    void Progress(ProgressReport report);
}

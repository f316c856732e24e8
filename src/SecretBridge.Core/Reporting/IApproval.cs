namespace SecretBridge.Reporting;

/// <summary>Asks whoever runs an operation whether one step of it may be done.</summary>
public interface IApproval
{
    /// <summary>Asks about one step.</summary>
    /// <param name="target">The reference that would be changed.</param>
    /// <param name="action">What would be done to it, such as <c>Update</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>True when the step may be done.</returns>
    ValueTask<bool> ApproveAsync(string target, string action, CancellationToken cancellationToken);
}

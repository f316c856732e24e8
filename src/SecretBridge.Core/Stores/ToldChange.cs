using SecretBridge.Reporting;
using SecretBridge.Wire;

namespace SecretBridge.Stores;

/// <summary>
/// A change that an audit trail is told of once it is made. Before, it is made sure that it can be told; where it then cannot,
/// the failure says that the change was made.
/// </summary>
internal static class ToldChange
{
    /// <summary>Makes a change and tells of it. One that failed for certain is not told.</summary>
    /// <param name="audit">The trail.</param>
    /// <param name="what">What is changed, as a failure names it.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="tell">Tells of it: with the failure after which nobody knows whether it was made, with null where it was.</param>
    /// <exception cref="BridgeException">The change failed, or it cannot be told (<see cref="FaultKind.AuditFailed"/>).</exception>
    public static async ValueTask RunAsync(IAuditSink audit, string what, Func<ValueTask> change, Action<Exception?> tell)
    {
        audit.Check();
        try
        {
            await change().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || MayHaveTakenEffect(exception as BridgeException))
        {
            // A trail without it could be wrong.
            Tell("may have been changed", exception);
            throw;
        }

        Tell("was changed", null);

        void Tell(string outcome, Exception? failure)
        {
            try
            {
                tell(failure);
            }
            catch (BridgeException exception) when (exception.Kind == FaultKind.AuditFailed)
            {
                throw new BridgeException(FaultKind.AuditFailed, exception.Target, $"{what} {outcome}, but that could not be told. {exception.Message}", exception);
            }
        }
    }

    // A store may say it in its own words, with what the server's answer was inside.
    private static bool MayHaveTakenEffect(BridgeException? exception) =>
        exception is { Kind: FaultKind.OutcomeUnknown or FaultKind.Timeout } or VaultException { MayHaveTakenEffect: true }
        || (exception?.InnerException is BridgeException inner && MayHaveTakenEffect(inner));
}

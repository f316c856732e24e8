using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Reads back what was written. A standby that serves reads may lag behind the write for a moment, and is waited for.</summary>
internal sealed class Readback(ISecretStore store, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="BridgeException">It reads back other than it was written (<see cref="FaultKind.VerificationFailed"/>).</exception>
    internal Task ValueAsync(CopyItem item, SecretPayload payload, int? version, CancellationToken stop) => UntilAsync(
        async () => await store.ReadAsync(item.Path, version, stop).ConfigureAwait(false),
        back => back.State == SecretState.Live && back.Payload!.Compare(payload, item.ThroughDouble).AreEqual,
        // A version, once written, does not change. Without versions a standby may still show what was there before.
        back => back.State == SecretState.Absent || version is null,
        back => back.State == SecretState.Live
            ? Wrong(item, "reads back other than it was written")
            : Wrong(item, $"was written, but it reads back as {back.State.ToString().ToLowerInvariant()}"),
        stop);

    /// <exception cref="BridgeException">The version has a value (<see cref="FaultKind.VerificationFailed"/>).</exception>
    internal Task GoneAsync(CopyItem item, int? version, CancellationToken stop) => UntilAsync(
        async () => await store.ReadAsync(item.Path, version, stop).ConfigureAwait(false),
        back => back.State is SecretState.Deleted or SecretState.Destroyed,
        _ => true,
        _ => Wrong(item, $"has a version {version} that should be deleted and is not"),
        stop);

    /// <exception cref="BridgeException">The metadata is not what was written (<see cref="FaultKind.VerificationFailed"/>).</exception>
    internal Task MetadataAsync(CopyItem item, MetadataChange change, CancellationToken stop) => UntilAsync(
        async () => await store.ReadMetadataAsync(item.Path, stop).ConfigureAwait(false),
        back => back is not null && change.IsIn(back),
        _ => true,
        _ => Wrong(item, "has other metadata than was written"),
        stop);

    private static BridgeException Wrong(CopyItem item, string what) =>
        new(FaultKind.VerificationFailed, item.Row.Destination!, $"'{item.Row.Destination}' {what}.");

    private async Task UntilAsync<T>(
        Func<Task<T>> read, Func<T, bool> isRight, Func<T, bool> maySettle, Func<T, BridgeException> fault, CancellationToken stop)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            T back = await read().ConfigureAwait(false);
            if (isRight(back))
            {
                return;
            }

            if (!maySettle(back) || time.GetElapsedTime(start) >= Patience)
            {
                throw fault(back);
            }

            await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }
    }
}

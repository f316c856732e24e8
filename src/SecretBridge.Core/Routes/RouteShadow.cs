using System.Globalization;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Routes;

/// <summary>
/// Reads a secret at both authorities of a route and answers the old one's. Whatever is wrong with the other is told as drift:
/// it neither fails the answer nor holds it up for longer than the limit.
/// </summary>
internal sealed class RouteShadow(RouteReader reader)
{
    private RouteOptions Options => reader.Options;

    internal async Task<SecretReading> ReadAsync(StoreLocation first, RouteMatch match, int? version, CancellationToken cancellationToken)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<(SecretReading Reading, StoreLocation Place)> other = Task.Run(() => reader.ReadSideAsync(match.Other, null, version, end.Token), CancellationToken.None);
        try
        {
            (SecretReading Reading, StoreLocation Place) answer = await reader.ReadSideAsync(match.Authority, first, version, cancellationToken).ConfigureAwait(false);
            Finding finding = await CompareAsync(answer, other, match.Other[0].ToString(), cancellationToken).ConfigureAwait(false);
            SecretReading told = reader.Told(answer, first);
            if (finding.Drift == RouteDrift.None)
            {
                return told;
            }

            Tell(finding, answer, version);
            return told with { Routed = told.Routed! with { Drift = finding.Drift, Reason = finding.Reason } };
        }
        finally
        {
            Release(other, end);
        }
    }

    private async Task<Finding> CompareAsync(
        (SecretReading Reading, StoreLocation Place) answer, Task<(SecretReading Reading, StoreLocation Place)> other, string target, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.ShadowLimit, Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Compare(answer, await other.WaitAsync(either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unreadable(target, FaultKind.Timeout, string.Create(CultureInfo.InvariantCulture, $"'{target}' gave no answer within {Options.ShadowLimit.TotalSeconds:0.###} s of the other."));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or BridgeException { Kind: FaultKind.AuditFailed }))
        {
            // The text of what no floor foresaw might hold anything.
            return exception is BridgeException known
                ? Unreadable(target, known.Kind, $"'{target}' cannot be read: {known.Message}")
                : Unreadable(target, FaultKind.Unexpected, $"'{target}' cannot be read: {exception.GetType().FullName}.");
        }
    }

    private static Finding Unreadable(string target, FaultKind cause, string reason) => new(RouteDrift.Unreadable, target, reason) { Cause = cause.ToString() };

    private static Finding Compare((SecretReading Reading, StoreLocation Place) answer, (SecretReading Reading, StoreLocation Place) other)
    {
        string here = answer.Place.Uri, there = other.Place.Uri;
        if (answer.Reading.Payload is not { } one || other.Reading.Payload is not { } two)
        {
            // Deleted here and absent there are one to whoever reads.
            return answer.Reading.Payload is not null ? new(RouteDrift.Missing, there, $"'{there}' is {Word(other.Reading.State)}, and '{here}' is not.") { Versions = (answer.Reading.Version, other.Reading.Version) }
                : other.Reading.Payload is not null ? new(RouteDrift.Extra, there, $"'{there}' is there, and '{here}' is {Word(answer.Reading.State)}.") { Versions = (answer.Reading.Version, other.Reading.Version) }
                : new(RouteDrift.None, there, "");
        }

        bool throughDouble = (answer.Place.Store.Capabilities | other.Place.Store.Capabilities).HasFlag(StoreCapabilities.NumbersThroughDouble);
        PayloadComparison comparison = one.Compare(two, throughDouble);
        return comparison.AreEqual
            ? new(RouteDrift.None, there, "")
            : new(RouteDrift.Different, there, $"'{there}' and '{here}' differ{Keys(comparison)}.") { Comparison = comparison, Versions = (answer.Reading.Version, other.Reading.Version) };
    }

    private void Tell(Finding finding, (SecretReading Reading, StoreLocation Place) answer, int? version)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["route"] = reader.Rule.Pattern.Text,
            ["asked"] = reader.Asked.ToString(),
            ["other"] = finding.Other,
            ["drift"] = finding.Drift.ToString().ToLowerInvariant(),
        };
        Add("cause", finding.Cause);
        Add("added_keys", Joined(finding.Comparison?.AddedKey));
        Add("removed_keys", Joined(finding.Comparison?.RemovedKey));
        Add("changed_keys", Joined(finding.Comparison?.ChangedKey));
        Add("version", finding.Versions.Here?.ToString(CultureInfo.InvariantCulture));
        Add("other_version", finding.Versions.There?.ToString(CultureInfo.InvariantCulture));
        Options.Audit.Write(new("secret.drift", answer.Place.Pinned(version, null)) { Workflow = Options.Workflow, Backend = answer.Place.Store.Root.Backend, Details = details });
        Options.Reporter.Warning($"'{reader.Asked}' drifts on the route '{reader.Rule.Pattern}'. {finding.Reason} The answer is that of '{answer.Place.Uri}'.");

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                details[name] = value;
            }
        }
    }

    // The answer does not wait for a read that is still under way: it was told to end, and its failure is nobody's any more.
    private static void Release(Task other, CancellationTokenSource end)
    {
        if (!other.IsCompleted)
        {
            end.Cancel();
        }

        _ = other.ContinueWith(
            task =>
            {
                _ = task.Exception;
                end.Dispose();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private static string Word(SecretState state) => state switch
    {
        SecretState.Deleted => "deleted",
        SecretState.Destroyed => "destroyed",
        _ => "absent",
    };

    private static string Keys(PayloadComparison comparison) =>
        comparison.NullDiffers && comparison.AddedKey.Count + comparison.RemovedKey.Count + comparison.ChangedKey.Count == 0
            ? ": one of them is null"
            : string.Concat(Named(" in", comparison.ChangedKey), Named("; only the first has", comparison.AddedKey), Named("; only the second has", comparison.RemovedKey));

    private static string Named(string word, IReadOnlyList<string> keys) => keys.Count == 0 ? "" : $"{word} {Joined(keys)}";

    private static string? Joined(IReadOnlyList<string>? keys) => keys is null or [] ? null
        : string.Join(", ", keys.Take(20)) + (keys.Count > 20 ? string.Create(CultureInfo.InvariantCulture, $" and {keys.Count - 20} more") : "");

    private sealed record Finding(RouteDrift Drift, string Other, string Reason)
    {
        public string? Cause { get; init; }

        public PayloadComparison? Comparison { get; init; }

        public (int? Here, int? There) Versions { get; init; }
    }
}

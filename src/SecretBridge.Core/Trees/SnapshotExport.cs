using System.Globalization;
using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Trees;

/// <summary>
/// Makes a snapshot of a tree: each secret with its versions and metadata, in the order of the walk, into one file that takes
/// its place when all is in it. What is under way is in memory, and nothing else.
/// </summary>
public sealed class SnapshotExport
{
    private readonly SnapshotExportOptions _options;
    private readonly IReporter _reporter;
    private readonly ProgressMeter _progress;
    private BridgeException? _first;
    private long _unreadable;
    private long _secrets;
    private long _versions;
    private long _leftOut;

    /// <summary>Prepares a snapshot.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SnapshotExport(SnapshotExportOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _progress = new($"Exporting {options.Uri}", reporter, options.Time);
    }

    /// <summary>What was made; null until the rows came to their end.</summary>
    public SnapshotSummary? Summary { get; private set; }

    /// <summary>Makes the snapshot. Each secret or folder that cannot be read is a row with a fault.</summary>
    /// <param name="cancellationToken">Ends it; there is no file then.</param>
    /// <exception cref="BridgeException">The tree cannot be found, something could not be read and that is not allowed, or the
    /// file cannot be made. There is no file then, or the one that was there before.</exception>
    public async IAsyncEnumerable<SecretEntry> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreLocation root = await _options.Stores.ResolveAsync(SecretReference.Parse(_options.Uri), cancellationToken).ConfigureAwait(false);
        Tell(root, "snapshot.started", []);
        try
        {
            var facts = new SnapshotFacts
            {
                Uri = root.Uri,
                Time = _options.Time.GetUtcNow(),
                Capabilities = root.Store.Capabilities & SnapshotFacts.Kept,
                Settings = await SettingsAsync(root.Store, cancellationToken).ConfigureAwait(false),
                HasHistory = _options.Version.IsAll && root.Store.Capabilities.HasFlag(StoreCapabilities.Versions),
            };
            using ISnapshotSink sink = await Task.Run(Sink, cancellationToken).ConfigureAwait(false);
            await foreach (CapturedStep captured in StepsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Take(sink, captured) is { } row)
                {
                    yield return row;
                }
            }

            ThrowIfPartial(root);
            cancellationToken.ThrowIfCancellationRequested();
            facts = facts with { Secrets = _secrets, Versions = _versions, Unreadable = _unreadable };
            Conclude(root, facts, sink.Complete(facts), (sink as SnapshotWriter)?.Id);
        }
        finally
        {
            Tell(root, "snapshot.finished", new()
            {
                ["outcome"] = Summary is null ? "stopped" : "whole",
                ["secrets"] = Text(_secrets),
                ["versions"] = Text(_versions),
                ["unreadable"] = Text(_unreadable),
            });
        }
    }

    private static string Text(long count) => count.ToString(CultureInfo.InvariantCulture);

    private IAsyncEnumerable<CapturedStep> StepsAsync(CancellationToken cancellationToken)
    {
        var capture = new SnapshotCapture(_options.Version);
        var expander = new SourceExpander(_options.Stores, new(_options.Include, _options.Exclude), null, _options.ThrottleLimit, seekTwin: true);
        return BoundedPipe.AdaptAsync(
            expander.RunAsync(new[] { new TreeItem(_options.Uri) }.ToAsync(), cancellationToken),
            _options.ThrottleLimit, _options.Time, (step, stop) => CaptureAsync(capture, step, stop), cancellationToken);
    }

    private void ThrowIfPartial(StoreLocation root)
    {
        if (_first is not null && !_options.AllowPartial)
        {
            throw new BridgeException(_first.Kind, _options.File.Path,
                $"'{_options.File.Path}' was not written: {_unreadable} secrets or folders below '{root.Uri}' could not be read. Mend that, leave them out with -Exclude, or accept a snapshot without them with -AllowPartial.", _first);
        }
    }

    private static async Task<CapturedStep> CaptureAsync(SnapshotCapture capture, SourceStep step, CancellationToken cancellationToken)
    {
        if (step.Fault is not null || step.IsTwin)
        {
            return new(step, null, step.Fault);
        }

        try
        {
            return new(step, await capture.ReadAsync(step, cancellationToken).ConfigureAwait(false), null);
        }
        catch (BridgeException exception)
        {
            return new(step, null, exception);
        }
    }

    private ISnapshotSink Sink() => _options.PlainFormat is { } format
        ? PlainSink.Create(_options.File.Path, _options.File.Overwrite, format)
        : SnapshotWriter.Create(_options.File);

    private async Task<MountSettings?> SettingsAsync(ISecretStore store, CancellationToken cancellationToken)
    {
        if (_options.PlainFormat is not null || store.Find<IConfigurableStore>() is not { } configurable)
        {
            return null;
        }

        try
        {
            return await configurable.ReadSettingsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (BridgeException exception) when (exception.Kind is FaultKind.PermissionDenied or FaultKind.NotSupported)
        {
            _reporter.Verbose($"The settings of '{store.Root}' are not in the snapshot: {exception.Message}");
            return null;
        }
    }

    private SecretEntry? Take(ISnapshotSink sink, CapturedStep captured)
    {
        SourceStep step = captured.Step;
        if (step.IsTwin)
        {
            _reporter.Warning($"'{step.Uri}' is a secret as well as a folder: the folder was exported, and the secret is not part of it.");
        }
        else if (captured.Fault is { } fault)
        {
            // Nothing of the tree can be seen, or nothing more of the server.
            if (step.RelativePath.Length == 0 || fault.Kind is FaultKind.TokenInvalid or FaultKind.CircuitOpen or FaultKind.Sealed)
            {
                throw fault;
            }

            _first ??= fault;
            _unreadable++;
            sink.Write(new() { Key = step.RelativePath, Unreadable = fault.Kind });
            _progress.Count("unreadable");
            return SecretEntry.Of(step with { Fault = fault });
        }
        else if (captured.Secret is not { } secret)
        {
            _reporter.Verbose($"'{step.Uri}' vanished since it was listed.");
        }
        else if (sink.Write(secret))
        {
            _secrets++;
            _versions += _options.PlainFormat is null ? secret.Versions.Count(version => version.State == SecretState.Live) : 1;
            _progress.Count("exported");
        }
        else
        {
            _leftOut++;
            _progress.Count("left out");
        }

        return null;
    }

    private void Conclude(StoreLocation root, SnapshotFacts facts, long length, string? id)
    {
        _progress.Complete();
        Summary = new()
        {
            Path = Path.GetFullPath(_options.File.Path),
            Uri = root.Uri,
            Id = id,
            Time = facts.Time,
            HasHistory = facts.HasHistory,
            Secrets = facts.Secrets,
            Versions = facts.Versions,
            Unreadable = facts.Unreadable,
            Length = length,
        };
        if (_leftOut > 0)
        {
            _reporter.Warning($"{_leftOut} secrets have no value that can be read and are not in the file: deleted, destroyed, or with metadata only.");
        }

        if (_unreadable > 0)
        {
            _reporter.Warning($"'{Summary.Path}' is not whole: {_unreadable} secrets or folders could not be read and are missing in it.");
        }

        if (_secrets + _unreadable + _leftOut == 0)
        {
            _reporter.Warning($"Nothing was found below '{root.Uri}': the file holds no secret.");
        }

        _reporter.Information(FormattableString.Invariant(
            $"Exported {root.Uri} to {Summary.Path}: {facts.Secrets} secrets, {facts.Versions} values, {facts.Unreadable} unreadable in {_progress.Elapsed.TotalSeconds:0.0} s."));
    }

    private void Tell(StoreLocation root, string action, Dictionary<string, string> details)
    {
        details["file"] = _options.File.Path;
        details["form"] = _options.PlainFormat is { } format ? "plain " + format : "sealed";
        _options.Audit.Write(new(action, root.Uri) { Backend = root.Store.Root.Backend, Details = details });
    }
}

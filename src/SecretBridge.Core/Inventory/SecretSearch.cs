using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Trees;

namespace SecretBridge.Inventory;

/// <summary>Finds secrets by path, key, metadata, age or value. No value leaves it.</summary>
public sealed class SecretSearch
{
    private readonly FindOptions _options;
    private readonly IReporter _reporter;
    private readonly Regex? _path;

    /// <summary>Prepares a search.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public SecretSearch(FindOptions options, IReporter reporter)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reporter = reporter;
        _path = SearchPattern.Of(options.Match, nameof(options.Match));
        SearchPattern.Of(options.ValuePattern, nameof(options.ValuePattern));
    }

    /// <summary>Searches. What could not be read is a row with a fault, and is no finding.</summary>
    /// <param name="roots">The folders to search, and rows of an earlier walk for their one secret each.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async IAsyncEnumerable<FoundSecret> RunAsync(
        IAsyncEnumerable<TreeItem> roots, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var match = new ValueMatch(_options);
        bool needsContent = _options.KeyName.Count > 0 || _options.NeedsValue;
        var tally = new SearchTally("found", _reporter, _options.Time);
        await foreach (Candidate candidate in CandidatesAsync(roots,
            _options.NeedsValue ? CandidateReads.Content.Values : needsContent ? CandidateReads.Content.Keys : CandidateReads.Content.None, tally, cancellationToken).ConfigureAwait(false))
        {
            FoundSecret? found = needsContent && candidate.Row.Fault is null ? Matched(match, candidate) : candidate.Row;
            if (found is not null)
            {
                tally.Add(found);
                yield return found;
            }
        }

        tally.Conclude();
    }

    /// <summary>
    /// Reads all that is left by path, metadata and age, and gives the groups that share a value or are the same as a whole, the
    /// largest first. Its memory grows with the number of values; of each there is a keyed hash and nothing else. What could not be
    /// read comes before, as rows with a fault and no members.
    /// </summary>
    public async IAsyncEnumerable<SecretDuplicate> FindDuplicatesAsync(
        IAsyncEnumerable<TreeItem> roots, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var table = new DuplicateTable(_options);
        var tally = new SearchTally("shared", _reporter, _options.Time);
        await foreach (Candidate candidate in CandidatesAsync(roots, CandidateReads.Content.Values, tally, cancellationToken).ConfigureAwait(false))
        {
            FoundSecret row = candidate.Row.Fault is null && !table.TryAdd(candidate) ? Broken(candidate) : candidate.Row;
            if (row.Fault is { } fault)
            {
                tally.Add(row);
                yield return new() { Fault = fault };
            }
        }

        foreach (SecretDuplicate group in table.Groups(isComplete: tally.Unreadable == 0))
        {
            tally.Add(group);
            yield return group;
        }

        tally.Conclude();
    }

    private static FoundSecret? Matched(ValueMatch match, Candidate candidate)
    {
        try
        {
            return candidate.Payload is { } payload && match.Keys(payload) is { Count: > 0 } keys ? candidate.Row with { MatchedKey = keys } : null;
        }
        catch (BridgeException exception)
        {
            return candidate.Row with { Fault = new(exception.Kind, candidate.Row.Uri, $"'{candidate.Row.Uri}': {exception.Message}") };
        }
        catch (InvalidOperationException)
        {
            return Broken(candidate);
        }
    }

    // No server sends it that checks what it stores; not all do.
    private static FoundSecret Broken(Candidate candidate) => candidate.Row with
    {
        State = SecretState.Unreadable,
        Fault = new(FaultKind.InvalidPayload, candidate.Row.Uri, $"'{candidate.Row.Uri}': a key or value of it holds half of a character, so that it cannot be searched."),
    };

    private async IAsyncEnumerable<Candidate> CandidatesAsync(
        IAsyncEnumerable<TreeItem> roots, CandidateReads.Content wants, SearchTally tally, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reads = new CandidateReads(_options, wants, _reporter);
        var steps = new SourceExpander(_options.Stores, new(_options.Include, _options.Exclude), null, _options.ThrottleLimit).RunAsync(roots, cancellationToken);
        await foreach (Candidate? candidate in BoundedPipe
            .AdaptAsync(OnPathAsync(steps), _options.ThrottleLimit, _options.Time, reads.ReadAsync, cancellationToken).ConfigureAwait(false))
        {
            tally.Searched(candidate?.Step.RelativePath);
            if (candidate is not null)
            {
                yield return candidate;
            }
        }
    }

    private async IAsyncEnumerable<SourceStep> OnPathAsync(IAsyncEnumerable<SourceStep> steps)
    {
        await foreach (SourceStep step in steps.ConfigureAwait(false))
        {
            if (step.Fault is not null || _path is null || IsOnPath(step))
            {
                yield return step;
            }
        }
    }

    private bool IsOnPath(SourceStep step)
    {
        try
        {
            return _path!.IsMatch(step.RelativePath);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(FindOptions.Match), $"Match takes too long on '{step.RelativePath}'. Make it simpler.", exception);
        }
    }
}

using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

public sealed partial class SealedFileStore
{
    private const int MostTries = 5;

    /// <summary>Seals all values anew, in memory, under another passphrase or key file; nothing of them is written in clear.</summary>
    /// <exception cref="BridgeException">It could not be saved; the file keeps its key.</exception>
    public async Task ChangeKeyAsync(SealedFileCredential credential, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var kdf = SealedKdf.Create(credential.Kind, _options.Iterations);
        SealedKek kek = await Task.Run(() => SealedKek.Derive(credential, kdf, Path), cancellationToken).ConfigureAwait(false);
        try
        {
            await _committer.SubmitAsync(
                draft =>
                {
                    draft.ChangeKey(kek);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!ReferenceEquals(_kek, kek))
            {
                kek.Dispose();
            }
        }
    }

    /// <summary>Waits for what is being saved, and forgets the keys.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        await _committer.Idle.ConfigureAwait(false);
        lock (_loading)
        {
            _forgotten = true;
            _kek.Dispose();
            _content.Parts.Dispose();
        }
    }

    private async Task CommitAsync(IReadOnlyList<SealedChange> group)
    {
        using IDisposable held = await SealedFileLock.TakeAsync(_place, _options, _time, CancellationToken.None).ConfigureAwait(false);
        SealedChange[] joined = group.Where(change => change.TryJoin()).ToArray();
        for (int i = 0; i < MostTries; i++)
        {
            SealedContent before = Load();
            var draft = new SealedDraft(before, _time.GetUtcNow(), Path);
            Array.ForEach(joined, change => change.Apply(draft));
            if (!draft.HasChanged || Save(before, draft))
            {
                return;
            }
        }

        throw SealedFileFault.Busy(Path, "somebody saves it again and again without taking its lock");
    }

    private bool Save(SealedContent before, SealedDraft draft)
    {
        SealedKek kek = draft.NewKey ?? _kek;
        (ReadOnlyMemory<byte> file, SealedContent content) = SealedFileWriter.Write(before.Header.Id, before.Header.Generation + 1, kek, draft.Entries, Path);
        lock (_loading)
        {
            if (!new SealedFileSave(_place, _options.BeforeStep).Run(file, before.Head))
            {
                content.Parts.Dispose();
                return false;
            }

            _content = content;
            if (draft.NewKey is not null)
            {
                SealedKek old = _kek;
                _kek = kek;
                old.Dispose();
            }
        }

        return true;
    }
}

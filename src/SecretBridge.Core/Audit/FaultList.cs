using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>What could not be read of a log. Of each file the first are told one by one, the others counted.</summary>
internal sealed class FaultList
{
    private const int Most = 100;
    private readonly List<BridgeException> _faults = [];
    private string _file = "";
    private long _told;
    private long _untold;

    /// <summary>How many there were, told or not.</summary>
    internal long Count { get; private set; }

    /// <summary>Notes a line that is no entry.</summary>
    internal void AddLine(string file, long number) =>
        Add(file, new(FaultKind.InvalidPayload, file, FormattableString.Invariant($"{file}, line {number}: it is no entry of a Vault audit log.")));

    /// <summary>Notes a line that was too long.</summary>
    internal void AddTooLong(string file, long number) =>
        Add(file, new(FaultKind.PayloadTooLarge, file, FormattableString.Invariant($"{file}, line {number}: it is longer than {LineReader.Longest >> 20} MiB and was not read.")));

    /// <summary>Notes what could not be read.</summary>
    internal void Add(string file, BridgeException fault)
    {
        if (file != _file)
        {
            Conclude();
            (_file, _told) = (file, 0);
        }

        Count++;
        if (_told < Most)
        {
            _faults.Add(fault);
            _told++;
        }
        else
        {
            _untold++;
        }
    }

    /// <summary>What is to be told by now. It is told once.</summary>
    internal IReadOnlyList<BridgeException> Take()
    {
        BridgeException[] taken = [.. _faults];
        _faults.Clear();
        return taken;
    }

    /// <summary>Ends a file: says how many were not told.</summary>
    internal void Conclude()
    {
        if (_untold > 0)
        {
            _faults.Add(new(FaultKind.InvalidPayload, _file, FormattableString.Invariant($"{_file}: {_untold} more of its lines could not be read.")));
            _untold = 0;
        }
    }
}

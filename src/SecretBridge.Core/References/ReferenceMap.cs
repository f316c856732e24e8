using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.References;

/// <summary>Where references lead now. Names are compared whole and decoded: <c>vault://kv/a</c> is no part of <c>vault://kv/ab</c>.</summary>
internal sealed class ReferenceMap
{
    private readonly Move[] _moves;

    /// <exception cref="BridgeException">It is empty, or a reference in it has no scheme, a version or a key.</exception>
    public ReferenceMap(IReadOnlyList<MovedReference> moves)
    {
        _moves = moves.Select(move => new Move(Parse(move.From), Parse(move.To), move)).OrderByDescending(move => move.From.Path.Segments.Count).ToArray();
        if (_moves.Length == 0)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Map", "Nothing has moved: the map is empty, or no row of the copy counts.");
        }
    }

    /// <summary>The move that a reference is part of; null where it has not moved.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="isAmbiguous">Whether it may be part of several that lead to different places.</param>
    public Move? Find(SecretReference reference, out bool isAmbiguous)
    {
        isAmbiguous = false;
        Move[] fitting = Array.FindAll(_moves, move => move.Fits(reference));
        if (fitting.Length == 0)
        {
            return null;
        }

        // The longest; of those, one that names the same connection before one that a copy only may mean.
        Move[] longest = Array.FindAll(fitting, move => move.From.Path == fitting[0].From.Path);
        Move[] exact = Array.FindAll(longest, move => move.IsSameBackend(reference));
        Move[] best = exact.Length > 0 ? exact : longest;
        isAmbiguous = best.Any(move => move.To.ToString() != best[0].To.ToString());
        return isAmbiguous ? null : best[0];
    }

    private static SecretReference Parse(string text)
    {
        var reference = SecretReference.Parse(text);
        return reference is { Scheme: not null, Version: null, Key: null }
            ? reference
            : throw new BridgeException(FaultKind.InvalidReference, text,
                $"'{text}' cannot stand in a map of references: it needs a scheme such as vault://, and no version and no key, which are kept as they are.");
    }

    /// <summary>One move.</summary>
    internal sealed record Move(SecretReference From, SecretReference To, MovedReference Given)
    {
        public bool IsSameBackend(SecretReference reference) =>
            string.Equals(From.Backend, reference.Backend, StringComparison.OrdinalIgnoreCase);

        public bool Fits(SecretReference reference) =>
            From.Scheme == reference.Scheme
            && (IsSameBackend(reference) || (Given.IsCopy && reference.Backend is null))
            && (Given.IsCopy ? reference.Path == From.Path : reference.Path.IsAtOrBelow(From.Path));

        /// <summary>Whether a reference to a secret would lead to the root of a store or mount, where none can be.</summary>
        public bool IsRootNow(SecretReference reference) =>
            reference.Path == From.Path && (reference.Version is not null || reference.Key is not null)
            && (To.Path.IsRoot || (To.Scheme == "vault" && To.Path.Segments.Count == 1));

        /// <summary>Where it leads, written for a reference: one without a connection gets none, unless it is another than before.</summary>
        public SecretReference Target(SecretReference reference) =>
            reference.Backend is null && string.Equals(From.Backend, To.Backend, StringComparison.OrdinalIgnoreCase)
                ? SecretReference.Create(To.Scheme!, null, To.Path)
                : To;
    }
}

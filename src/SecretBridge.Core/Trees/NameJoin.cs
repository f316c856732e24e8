using System.Runtime.CompilerServices;
using SecretBridge.Stores;

namespace SecretBridge.Trees;

/// <summary>Joins the names of two sides, both in UTF-8 byte order, in constant memory.</summary>
internal static class NameJoin
{
    internal static async IAsyncEnumerable<NamePair> RunAsync(
        IAsyncEnumerable<SideName> reference, IAsyncEnumerable<SideName> difference, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<SideName> left = reference.GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable leftEnd = left.ConfigureAwait(false);
        IAsyncEnumerator<SideName> right = difference.GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable rightEnd = right.ConfigureAwait(false);

        bool hasLeft = await left.MoveNextAsync().ConfigureAwait(false);
        bool hasRight = await right.MoveNextAsync().ConfigureAwait(false);
        SideName? leftFault = null;
        SideName? rightFault = null;
        while (hasLeft || hasRight)
        {
            int order = !hasLeft ? 1 : !hasRight ? -1 : Utf8Order.Instance.Compare(left.Current.Compared, right.Current.Compared);
            SideName? a = order <= 0 ? left.Current : null;
            SideName? b = order >= 0 ? right.Current : null;

            // A fault of a folder sorts before all that lies in it, so it is known by the time that comes.
            leftFault = a?.Fault is not null && leftFault?.Hides(a) != true ? a : leftFault;
            rightFault = b?.Fault is not null && rightFault?.Hides(b) != true ? b : rightFault;
            bool hidden = (a is null && leftFault?.Hides(b!) == true) || (b is null && rightFault?.Hides(a!) == true);
            yield return new(a, b, hidden);

            hasLeft = order <= 0 ? await left.MoveNextAsync().ConfigureAwait(false) : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync().ConfigureAwait(false) : hasRight;
        }
    }
}

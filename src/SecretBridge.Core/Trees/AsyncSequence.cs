namespace SecretBridge.Trees;

/// <summary>Makes asynchronous sequences of what is at hand.</summary>
public static class AsyncSequence
{
    /// <summary>The items one after the other.</summary>
    public static async IAsyncEnumerable<T> ToAsync<T>(this IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach (T item in items)
        {
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}

namespace SecretBridge.Routes;

/// <summary>Where the parts of a route file stand, in bytes, so that an edit leaves everything else as people wrote it.</summary>
/// <param name="ListStart">Behind the bracket that opens the list of routes.</param>
/// <param name="ListEnd">The bracket that closes it.</param>
/// <param name="Routes">The routes, in their order.</param>
internal sealed record RouteFileText(int ListStart, int ListEnd, IReadOnlyList<RouteFileText.Item> Routes)
{
    /// <summary>A part of the text.</summary>
    internal readonly record struct Span(int Start, int End);

    /// <summary>One route, and the values of its fields by name.</summary>
    internal sealed record Item(Span Whole, IReadOnlyDictionary<string, Span> Values);
}

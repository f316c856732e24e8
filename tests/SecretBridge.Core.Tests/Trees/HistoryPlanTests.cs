using SecretBridge.Stores;
using SecretBridge.Trees;
using Xunit;

namespace SecretBridge.Tests.Trees;

/// <summary>How two histories are laid beside each other. A letter is a value, x deleted, ? a placeholder, . nothing kept.</summary>
public class HistoryPlanTests
{
    private const int Most = 4;

    [Theory]
    [InlineData("abc", "", 0, false, "abc")]
    [InlineData("abc", "a", 0, false, "bc")]
    [InlineData("abc", "abc", 0, false, "")]
    [InlineData("axc", "ax", 0, false, "c")]
    [InlineData("abc", "b", 0, false, null)]
    [InlineData("abc", "abcd", 0, false, null)]
    [InlineData("abc", "abx", 0, false, null)]
    [InlineData("aba", "a", 0, false, "ba")]
    [InlineData("aaaa", "aa", 0, false, "aa")]
    [InlineData("abcdef", "..cd", 0, false, "ef")]
    [InlineData("abcdef", "cdef", 0, false, "")]
    [InlineData("abcdef", "bcde", 0, false, "f")]
    [InlineData("cdef", "abcd", 2, false, "ef")]
    [InlineData("cdef", "abcd", 0, false, null)]
    [InlineData("cdef", "..cd", 2, false, "ef")]
    [InlineData("ab", "xyab", 4, false, "")]
    [InlineData("ab", "xyz", 4, false, null)]
    [InlineData("axc", "a?", 0, false, "c")]
    [InlineData("axc", "ab", 0, false, null)]
    [InlineData("axc", "ab", 0, true, "c")]
    [InlineData("xc", "b", 0, true, null)]
    public void What_is_left_of_a_history_follows_from_what_is_there(string wanted, string there, int forgotten, bool replaces, string? rest) =>
        Assert.Equal(rest, Text(HistoryPlan.Renumbered(Versions(wanted), Kept(there), there.Length, forgotten, replaces, Most, false)));

    [Theory]
    [InlineData("abc", "", false, "abc", "")]
    [InlineData("abc", "ab", false, "c", "")]
    [InlineData("axc", "ax", false, "c", "")]
    [InlineData("axc", "a?", false, "c", "2")]
    [InlineData(".xc", "??", false, "c", "12")]
    [InlineData("axc", "ab", false, null, "")]
    [InlineData("axc", "ab", true, "c", "2")]
    [InlineData(".bc", "ab", false, "c", "")]
    [InlineData(".bc", "a", false, null, "")]
    [InlineData("abc", "axc", false, null, "")]
    [InlineData("abc", "abcd", true, null, "")]
    [InlineData("abc", "a?", false, null, "")]
    [InlineData("abcdef", "??", false, "cdef", "")]
    public void Number_by_number_a_placeholder_is_finished_and_a_foreign_version_is_a_conflict(
        string wanted, string there, bool replaces, string? rest, string repairs)
    {
        HistoryPlan? plan = HistoryPlan.Numbered(Versions(wanted), Kept(there), there.Length, replaces, Most, false);
        Assert.Equal(rest, Text(plan));
        Assert.Equal(repairs, string.Concat(plan?.Repairs.Select(repair => $"{repair.Number}") ?? []));
    }

    private static PastVersion[] Versions(string text) => text.Select((letter, i) => letter switch
    {
        'x' => new PastVersion(i + 1, SecretState.Deleted, null),
        '.' => new PastVersion(i + 1, SecretState.Absent, null),
        '?' => new PastVersion(i + 1, SecretState.Live, Placeholder.Payload),
        _ => new PastVersion(i + 1, SecretState.Live, Stores.JsonText.Payload($$"""{"k":"{{letter}}"}""")),
    }).ToArray();

    private static PastVersion[] Kept(string text) => Versions(text).Where(version => version.State != SecretState.Absent).ToArray();

    private static string? Text(HistoryPlan? plan) => plan is null ? null
        : string.Concat(plan.Rest.Select(version => version.Payload?.GetValue("k")?.Reveal() ?? "x"));
}

using System.Reflection;
using System.Text;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests;

/// <summary>
/// What ships is pinned as text. When the change is meant, copy the file that the message names over PublicSurface.txt; the
/// difference is then part of the review.
/// </summary>
public class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_surface_of_Core_is_the_one_that_was_reviewed()
    {
        string pinned = Path.Combine(AppContext.BaseDirectory, "PublicSurface.txt");
        string actual = Describe(typeof(ISecretStore).Assembly);
        string found = Path.Combine(AppContext.BaseDirectory, "PublicSurface.actual.txt");
        File.WriteAllText(found, actual);
        Assert.True(File.ReadAllText(pinned).ReplaceLineEndings("\n") == actual, $"The public surface differs from PublicSurface.txt; it is now as in {found}.");
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append('\n');
            IEnumerable<string> members = type.IsEnum
                ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}")
                : type.GetMembers(Declared).Where(IsWritten).Select(Signature).Order(StringComparer.Ordinal);
            foreach (string member in members)
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    // Accessors are told by their property; what the compiler makes for a record is no news.
    private static bool IsWritten(MemberInfo member) =>
        member is not MethodBase { IsSpecialName: true, IsConstructor: false }
        && member is not Type
        && !member.Name.StartsWith('<')
        && member.Name is not ("Equals" or "GetHashCode" or "Deconstruct" or "PrintMembers" or "EqualityContract" or "Finalize");

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsSealed ? "sealed class" : "class";

    private static string Signature(MemberInfo member) => member switch
    {
        PropertyInfo property => $"{property.Name}: {Name(property.PropertyType)} {{{(property.CanRead ? " get" : "")}{(property.SetMethod is { IsPublic: true } ? " set" : "")} }}",
        FieldInfo field => $"{field.Name}: {Name(field.FieldType)}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{method.Name}({Parameters(method)}): {Name(method.ReturnType)}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}

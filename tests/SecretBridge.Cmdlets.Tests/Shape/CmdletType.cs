using System.Reflection;
using SecretBridge.Pipeline;

namespace SecretBridge.Tests.Shape;

/// <summary>
/// What the metadata of a cmdlet says. PowerShell's reference assembly is hollow at run time, so that attributes read empty:
/// their arguments are read as they stand in the assembly.
/// </summary>
internal sealed record CmdletType(Type Type)
{
    public static CmdletType[] All { get; } = typeof(AsyncCmdlet).Assembly.GetExportedTypes()
        .Where(type => Attributes(type, "CmdletAttribute").Any())
        .Select(type => new CmdletType(type))
        .ToArray();

    private CustomAttributeData Cmdlet => Attributes(Type, "CmdletAttribute").Single();

    public string Verb => (string)Cmdlet.ConstructorArguments[0].Value!;

    public string Noun => (string)Cmdlet.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public bool SupportsShouldProcess => Named(Cmdlet, "SupportsShouldProcess");

    public Type[] OutputTypes => Attributes(Type, "OutputTypeAttribute")
        .SelectMany(attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
        .Select(argument => (Type)argument.Value!)
        .ToArray();

    public PropertyInfo[] Parameters => Type.GetProperties().Where(property => Attributes(property, "ParameterAttribute").Any()).ToArray();

    public static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.CustomAttributes.Where(attribute => attribute.AttributeType.Name == name);

    public static bool IsFromPipelineByName(PropertyInfo parameter) =>
        Attributes(parameter, "ParameterAttribute").Any(attribute => Named(attribute, "ValueFromPipelineByPropertyName"));

    public static bool IsFromPipeline(PropertyInfo parameter) =>
        Attributes(parameter, "ParameterAttribute").Any(attribute => Named(attribute, "ValueFromPipeline"));

    public static bool IsMandatory(PropertyInfo parameter) =>
        Attributes(parameter, "ParameterAttribute").All(attribute => Named(attribute, "Mandatory"));

    public static string[] Aliases(PropertyInfo parameter) => Attributes(parameter, "AliasAttribute")
        .SelectMany(attribute => (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)
        .Select(argument => (string)argument.Value!)
        .ToArray();

    public override string ToString() => Name;

    private static bool Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Any(argument => argument.MemberName == name && argument.TypedValue.Value is true);
}

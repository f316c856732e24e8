using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SecretBridge.Backends;
using SecretBridge.Stores;
using SecretBridge.Values;
using Xunit;

namespace SecretBridge.Tests.Shape;

public partial class CmdletShapeTests
{
    private static readonly string[] ApprovedVerbs = ["Compare", "Connect", "Copy", "Disconnect", "Export", "Find", "Get", "Import", "Invoke", "Measure", "Merge", "Move", "New", "Remove", "Resolve", "Restore", "Set", "Test", "Update"];

    public static TheoryData<string> Names => [.. CmdletType.All.Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void The_manifest_exports_every_cmdlet_the_face_of_the_module_first()
    {
        Assert.Equal(CmdletType.All.Select(cmdlet => cmdlet.Name).Order(), Repository.Exported.Order());
        Assert.Equal(["Get-SealedProfile", "Connect-VaultBackend", "Copy-VaultSubtree", "Compare-SecretTree", "Test-VaultHealth"], Repository.Exported[..5]);
    }

    [Fact]
    public void Every_cmdlet_has_a_page_and_a_Pester_file_and_no_other_has()
    {
        Assert.Equal(Repository.Exported.Order(StringComparer.Ordinal).Select(name => name + ".md"), Repository.Names("docs/en-US", "*-*.md"));
        Assert.Equal(Repository.Exported.Order(StringComparer.Ordinal).Select(name => name + ".Tests.ps1"), Repository.Names("tests/pester", "*-*.Tests.ps1"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_tells_every_parameter_and_leaves_no_blank(string name)
    {
        string page = Repository.Read($"docs/en-US/{name}.md");
        Assert.All(Find(name).Parameters, parameter => Assert.Contains($"\n### -{parameter.Name}\n", page, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.Contains("\n### Example 1: ", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Verbs_are_approved_and_nouns_are_singular(string name)
    {
        CmdletType cmdlet = Find(name);
        Assert.Contains(cmdlet.Verb, ApprovedVerbs);
        Assert.DoesNotMatch("[^s]s$", cmdlet.Noun);
        Assert.Equal(cmdlet.Verb + cmdlet.Noun, cmdlet.Type.Name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_cmdlet_says_what_it_writes_and_each_row_has_a_table_and_a_list(string name)
    {
        Type[] outputs = Find(name).OutputTypes;
        Assert.NotEmpty(outputs);
        string views = Repository.Read("module/SecretBridge.Format.ps1xml");
        Assert.All(outputs.Where(type => type.Namespace!.StartsWith("SecretBridge", StringComparison.Ordinal)), type =>
        {
            Assert.Contains($"<Name>{type.Name}Table</Name>", views, StringComparison.Ordinal);
            Assert.Contains($"<Name>{type.Name}List</Name>", views, StringComparison.Ordinal);
            Assert.Contains($"<TypeName>{type.FullName}</TypeName>", views, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_text_is_made_of_an_object_that_is_piped(string name) =>
        Assert.All(Find(name).Parameters.Where(CmdletType.IsFromPipeline), parameter =>
        {
            bool isText = (parameter.PropertyType.GetElementType() ?? parameter.PropertyType) == typeof(string);
            Assert.Equal(isText, CmdletType.Attributes(parameter, nameof(ReferenceTextAttribute)).Any());
        });

    [Fact]
    public void The_first_column_of_a_table_has_a_width_or_PowerShell_leaves_no_room_for_the_last() =>
        Assert.All(XDocument.Parse(Repository.Read("module/SecretBridge.Format.ps1xml")).Descendants("TableHeaders").Where(headers => headers.Elements().Count() > 1),
            headers => Assert.NotNull(headers.Elements().First().Element("Width")));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_changes_something_asks_before(string name)
    {
        CmdletType cmdlet = Find(name);
        Assert.Equal(cmdlet.Verb is "Set" or "Remove" or "Restore" or "Copy" or "Move" or "Update" or "Disconnect" or "Invoke" or "Export" or "Import" || cmdlet is { Verb: "New", Name: not "New-VaultPolicy" }, cmdlet.SupportsShouldProcess);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_Uri_binds_by_property_name(string name) =>
        Assert.All(Find(name).Parameters.Where(CmdletType.IsFromPipelineByName), parameter =>
        {
            Assert.Equal(typeof(string), parameter.PropertyType.GetElementType() ?? parameter.PropertyType);
            Assert.Contains("Uri", CmdletType.Aliases(parameter).Append(parameter.Name));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void No_text_parameter_holds_a_secret_unless_that_is_allowed_beside_it(string name)
    {
        CmdletType cmdlet = Find(name);
        IEnumerable<PropertyInfo> texts = cmdlet.Parameters.Where(parameter => parameter.PropertyType == typeof(string) && Secret().IsMatch(parameter.Name));
        Assert.All(texts, parameter => Assert.Contains(cmdlet.Parameters, other => other.Name == "AllowPlainTextInput" && parameter.Name == "Json"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_parameter_that_may_hold_a_secret_is_validated_by_an_attribute_that_would_echo_it(string name) =>
        Assert.All(Find(name).Parameters, parameter =>
            Assert.DoesNotContain(parameter.CustomAttributes, attribute => attribute.AttributeType.Name.StartsWith("Validate", StringComparison.Ordinal)
                && attribute.AttributeType.Name is not ("ValidateNotNullAttribute" or "ValidateNotNullOrEmptyAttribute")));

    [Fact]
    public void No_connection_can_be_null_by_mistake_and_so_mean_the_current_one()
    {
        PropertyInfo[] connections = CmdletType.All.SelectMany(cmdlet => cmdlet.Parameters)
            .Where(parameter => (parameter.PropertyType.GetElementType() ?? parameter.PropertyType) == typeof(BackendArgument)).ToArray();
        Assert.Equal(39, connections.Length);
        Assert.All(connections, parameter => Assert.Single(
            CmdletType.Attributes(parameter, parameter.PropertyType.IsArray ? "ValidateNotNullOrEmptyAttribute" : "ValidateNotNullAttribute")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_list_and_no_map_can_be_null_by_mistake(string name) =>
        Assert.All(Find(name).Parameters.Where(parameter => parameter.PropertyType.IsArray || parameter.Name == "Map"), parameter =>
            Assert.True(CmdletType.IsMandatory(parameter) || CmdletType.Attributes(parameter, "ValidateNotNullAttribute").Any()
                || CmdletType.Attributes(parameter, "ValidateNotNullOrEmptyAttribute").Any()));

    [Fact]
    public void No_property_of_a_row_could_show_a_secret()
    {
        Type[] rows = CmdletType.All.SelectMany(cmdlet => cmdlet.OutputTypes).Distinct()
            .Where(type => type.Namespace!.StartsWith("SecretBridge", StringComparison.Ordinal)).ToArray();
        Assert.All(rows.SelectMany(row => row.GetProperties()), property =>
        {
            Assert.NotEqual(typeof(SecretPayload), property.PropertyType);
            Assert.DoesNotContain("SecureString", property.PropertyType.FullName, StringComparison.Ordinal);
        });
        Assert.Empty(typeof(SealedValue).GetProperties());
        Assert.Empty(typeof(SealedValue).GetFields(BindingFlags.Public | BindingFlags.Instance));
    }

    private static CmdletType Find(string name) => CmdletType.All.Single(cmdlet => cmdlet.Name == name);

    [GeneratedRegex("token(?!Env$)|secret(?!Uri)|password(?!Key$)|^json$|jwt$|credential|passphrase(?!Env$)", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}

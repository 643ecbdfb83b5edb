using System.ComponentModel;
using System.Globalization;

namespace Carillon.Server.Settings.Access;

/// <summary>Lets the binder take one word where <see cref="AccessSettings"/> stand.</summary>
internal sealed class AccessWordConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        new AccessSettings { Word = Enum.Parse<AccessWord>((string)value, ignoreCase: true) };
}

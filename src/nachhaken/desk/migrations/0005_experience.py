import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0004_conversation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Experience',
            fields=[
                ('owner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='experience', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('counted_at', models.DateTimeField()),
                ('head', models.BigIntegerField()),
                ('counts', models.JSONField()),
            ],
        ),
    ]
